"""What a fleet costs that nobody has here: a model on paper, of what was measured and what is assumed. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@dataclass(frozen=True)
class Costs:
    """What was measured; times in seconds, memory in MiB.

    Attributes:
        start: from the command to the first task.
        batch: that each batch of a rolling update adds.
        first: processor that the process which was started uses for a host; it has only one core to do so.
        forks: processor that its forks use for a host.
        answer: that a host needs to answer.
        answer_processor: what of that is processor of the host.
        handling: that a fork is busy with a host besides waiting for its answer.
        memory: of the process that was started, without any host.
        memory_of_host: that each host adds to that.
        memory_of_fork: that each fork adds.
        copied: the share of what hosts have added to the first process that each fork adds once more.
    """

    start: float
    batch: float
    first: float
    forks: float
    answer: float
    answer_processor: float
    handling: float
    memory: float
    memory_of_host: float
    memory_of_fork: float
    copied: float


@dataclass(frozen=True)
class Network:
    """How hosts are reached; times in seconds, memory in MiB.

    Attributes:
        round_trip: there and back.
        trips_to_connect: round trips until a connection is open.
        trips: round trips of one task after that.
        processor_to_connect: that `ssh` uses on the controller to open a connection.
        processor: that it uses for one task after that.
        down: the share of the hosts that do not answer.
        patience: until a host counts as down.
        kept: how long a connection is kept open.
        memory: of a connection that is open.
    """

    round_trip: float
    trips_to_connect: int
    trips: int
    processor_to_connect: float
    processor: float
    down: float
    patience: float
    kept: float
    memory: float


@dataclass(frozen=True)
class Controller:
    """The machine that Ansible runs on, and how many forks it is told to use."""

    cores: int
    forks: int


@dataclass(frozen=True)
class Fleet:
    """What was measured and what is assumed.

    Attributes:
        tasks: that each host is given.
        work: seconds that each host is at work besides, such as with fetching models.
    """

    costs: Costs
    network: Network
    controller: Controller
    tasks: int = 1
    work: float = 0.0

    @property
    def occupied(self) -> float:
        """Seconds that one host occupies a fork."""
        costs, network = self.costs, self.network
        task = costs.handling + costs.answer + network.trips * network.round_trip + network.processor
        connecting = network.trips_to_connect * network.round_trip + network.processor_to_connect
        return connecting + self.tasks * task + self.work

    @property
    def processor(self) -> float:
        """Seconds of processor that one host costs the controller."""
        task = self.costs.first + self.costs.forks + self.network.processor
        return self.network.processor_to_connect + self.tasks * task

    @property
    def pace(self) -> float:
        """Seconds from one host to the next that the processor allows, whatever the number of forks."""
        return max(self.tasks * self.costs.first, self.processor / self.controller.cores)

    @property
    def enough_forks(self) -> int:
        """The number of forks from which on more of them only wait for the processor."""
        return math.ceil(self.occupied / self.pace)

    def batch_seconds(self, hosts: int) -> float:
        """Return how long a batch takes, its hosts side by side on the forks; the next one waits for all of them."""
        network, forks = self.network, self.controller.forks
        some_down = 1 - (1 - network.down) ** hosts
        patience = max(some_down, hosts * network.down / forks) * network.patience
        return self.costs.batch + max(hosts * self.pace, math.ceil(hosts / forks) * self.occupied + patience)

    def seconds(self, batches: Sequence[int]) -> float:
        """Return how long a playbook takes."""
        return self.costs.start + sum(map(self.batch_seconds, batches))

    def is_bound_by_processor(self, hosts: int) -> bool:
        """Tell whether more forks would not make one batch of hosts faster."""
        return self.batch_seconds(hosts) <= self.costs.batch + hosts * self.pace

    def memory(self, hosts: int) -> float:
        """Return the memory of the controller in MiB, the connections that are kept open included."""
        costs, network = self.costs, self.network
        opened = min(hosts, hosts / self.seconds([hosts]) * network.kept)
        of_hosts = hosts * costs.memory_of_host
        fork = costs.memory_of_fork + costs.copied * of_hosts
        return costs.memory + of_hosts + min(hosts, self.controller.forks) * fork + opened * network.memory

    def hosts_within(self, seconds: float) -> int:
        """Return how many hosts can be asked in one batch within a time."""
        most = int(seconds / self.pace)
        return bisected(lambda hosts: self.seconds([hosts]) <= seconds, most)

    def reached_within(self, batches: Sequence[int], seconds: float) -> int:
        """Return how many hosts are changed within a time, those of a batch that has begun included."""
        begun = accumulate((self.batch_seconds(size) for size in batches), initial=self.costs.start)
        return sum(size for size, start in zip(batches, begun, strict=False) if start <= seconds)


def bisected(holds: Callable[[int], bool], most: int) -> int:
    """Return the largest number up to ``most`` for which something holds that holds up to some number; 0 for none."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if holds(middle) else (low, middle - 1)
    return low


def batched(serial: Sequence[str], hosts: int) -> list[int]:
    """Return the sizes of the batches that `serial` makes, as Ansible does; without any, all hosts are one batch."""
    sizes = [_size(word, hosts) for word in serial] or [hosts]
    batches: list[int] = []
    while left := hosts - sum(batches):
        batches.append(min(left, sizes[min(len(batches), len(sizes) - 1)]))
    return batches


def _size(word: str, hosts: int) -> int:
    """Read a number or a share of all hosts; a share is at least one host."""
    if word.endswith("%"):
        return max(1, int(float(word[:-1]) * hosts / 100))
    return int(word)


def changed_when_stopped(batches: Sequence[int], failing: float) -> int:
    """Return how many hosts have a bad manifest when the first failure stops the rollout, in half of all cases at most.

    Args:
        batches: a failure ends its batch, and no other one begins.
        failing: the share of hosts on which it fails.
    """
    half = 1 if failing >= 1 else math.ceil(math.log(0.5) / math.log(1 - failing))
    return next((reached for reached in accumulate(batches) if reached >= half), sum(batches))
