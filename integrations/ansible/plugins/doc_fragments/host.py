# Copyright (c) The ocrstate maintainers
# SPDX-License-Identifier: MIT
"""What the modules have in common, for ansible-doc."""

from __future__ import annotations


class ModuleDocFragment:
    """Parameters that several modules have."""

    DOCUMENTATION = r"""
options:
  executable:
    description:
      - C(ocrstate) on the target, as a path, or as a name that is looked for on the target's PATH.
      - The default is C(ocrstate).
    type: str
  virtualenv:
    description:
      - The virtual environment on the target that ocrstate is installed in; its C(bin/ocrstate) is run.
      - Excludes O(executable).
    type: path
  chdir:
    description:
      - The folder on the target that the OCR application is started in.
      - Relative paths count from it, also those in a manifest that stands in the task.
      - The default is the folder that Ansible starts modules in.
    type: path
  store:
    description:
      - The folder of the models on the target; it wins over what a manifest says.
      - Without this and without C(store) in a manifest it is the engine's own folder, which depends on the user that
        the task runs as. On a fleet, name the store.
    type: path
requirements:
  - ocrstate on the target; the role C(ocrstate.ocrstate.host) installs it.
"""

    ENGINE = r"""
options:
  inventory:
    description:
      - Whom to ask what is in the store. V(auto) asks the engine, and looks into the folder itself if that is one of
        the releases that see nothing; V(engine) refuses such a release; V(directory) starts no engine at all.
      - ocrstate takes V(auto) if this is left out.
    type: str
    choices: [auto, engine, directory]
  engine_timeout:
    description:
      - How long the engine may take, in seconds. ocrstate waits for 60 if this is left out.
    type: float
"""

    MANIFEST = r"""
options:
  manifest:
    description:
      - The manifest, a file on the target. Excludes O(models) and the other keys of a manifest.
    type: path
  models:
    description:
      - The models that should exist, as in a manifest, each as its name, or as a mapping with C(name) and what else is
        known of it, C(sha256), C(size), C(source), C(description).
    type: list
    elements: raw
  ignore:
    description:
      - Patterns of what is no model, and is neither reported nor removed. As in a manifest.
    type: list
    elements: str
  protect:
    description:
      - Patterns of models that are never removed, listed or not. As in a manifest.
    type: list
    elements: str
  absent:
    description:
      - Patterns of models that are always removed, also with O(policy.unlisted=report). As in a manifest.
    type: list
    elements: str
  extends:
    description:
      - Manifests on the target that these keys are added to; relative paths count from O(chdir). As in a manifest.
    type: list
    elements: path
  policy:
    description:
      - What may be done, and how much of it. As in a manifest.
    type: dict
    suboptions:
      unlisted:
        description:
          - What happens to models that are not listed. V(remove) is what ocrstate does if this is left out.
        type: str
        choices: [remove, report]
      missing:
        description:
          - Whether to go on while listed models are missing. V(refuse) is what ocrstate does if this is left out.
        type: str
        choices: [refuse, allow]
      max_remove:
        description:
          - The most that one run may remove; beyond it, nothing at all is removed.
        type: dict
        suboptions:
          count:
            description:
              - Models.
            type: int
          percent:
            description:
              - Percent of the models in the store.
            type: float
          bytes:
            description:
              - Bytes, as a number or with a unit, such as C(40GiB).
            type: raw
      retain:
        description:
          - How long removed models can be restored, such as C(7d) or C(12h).
          - They are deleted at once if this is left out.
        type: str
"""
