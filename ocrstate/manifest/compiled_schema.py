"""Whether data fits the manifest's JSON Schema: generated from it by `make schema`, so not to be edited."""

import re
from functools import cached_property

SCHEMA = "6497f22a046c648e453a9ffb5f69fc972959971a849248b6de0fba26399651a3"
"""The SHA-256 of what this was generated from: the schema without its words."""


class DoesNotFitError(Exception):
    """The data does not fit."""


class _Pattern:
    """A pattern that is compiled when it is needed: most manifests need half of them."""

    def __init__(self, text):
        self._text = text

    @cached_property
    def search(self):
        return re.compile(self._text).search


_PATTERN_1 = _Pattern('^(?! )[^\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029]+(?![\\s\\S])')
_PATTERN_2 = _Pattern('^(?![A-Za-z]:)(?!\\.[oO][cC][rR][sS][tT][aA][tT][eE](?:/|(?![\\s\\S])))(?!\\.\\.?(?:/|(?![\\s\\S])))[^\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029\\\\/]+(?:/(?!\\.\\.?(?:/|(?![\\s\\S])))[^\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029\\\\/]+)?(?![\\s\\S])')
_PATTERN_3 = _Pattern('^[0-9a-fA-F]{64}(?![\\s\\S])')
_PATTERN_4 = _Pattern('^(?!!)(?!\\.\\.?(?:/|(?![\\s\\S])))[^\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029\\\\/]+(?:/(?!\\.\\.?(?:/|(?![\\s\\S])))[^\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029\\\\/]+)?/?(?![\\s\\S])')
_PATTERN_5 = _Pattern('^(?:0|[1-9][0-9]{0,14})(?:\\.[0-9]{1,3})? ?(?:[kMGT]B|[KMGT]iB|B)(?![\\s\\S])')
_PATTERN_6 = _Pattern('^(?:0|[1-9][0-9]{0,4})[mhdw](?![\\s\\S])')


def check(data: object) -> None:
    """Pass data that fits.

    Raises:
        DoesNotFitError: it does not.
    """
    if not isinstance(data, dict):
        raise DoesNotFitError
    data_is_dict = isinstance(data, dict)
    if data_is_dict:
        data__missing_keys = set(['version']) - data.keys()
        if data__missing_keys:
            raise DoesNotFitError
        data_keys = set(data.keys())
        if 'version' in data_keys:
            data_keys.remove('version')
            data__version = data['version']
            if not isinstance(data__version, int) and (not (isinstance(data__version, float) and data__version.is_integer())) or isinstance(data__version, bool):
                raise DoesNotFitError
            if not (isinstance(data__version, (int, float)) and (not isinstance(data__version, bool)) and (data__version == 1)):
                raise DoesNotFitError
        if 'store' in data_keys:
            data_keys.remove('store')
            data__store = data['store']
            if not isinstance(data__store, str):
                raise DoesNotFitError
            if isinstance(data__store, str):
                if not _PATTERN_1.search(data__store):
                    raise DoesNotFitError
        if 'models' in data_keys:
            data_keys.remove('models')
            data__models = data['models']
            if not isinstance(data__models, (list, tuple)):
                raise DoesNotFitError
            data__models_is_list = isinstance(data__models, (list, tuple))
            if data__models_is_list:
                data__models_len = len(data__models)
                for data__models_x, data__models_item in enumerate(data__models):
                    if not isinstance(data__models_item, (str, dict)):
                        raise DoesNotFitError
                    if isinstance(data__models_item, str):
                        data__models_item_len = len(data__models_item)
                        if data__models_item_len > 511:
                            raise DoesNotFitError
                        if not _PATTERN_2.search(data__models_item):
                            raise DoesNotFitError
                    data__models_item_is_dict = isinstance(data__models_item, dict)
                    if data__models_item_is_dict:
                        data__models_item__missing_keys = set(['name']) - data__models_item.keys()
                        if data__models_item__missing_keys:
                            raise DoesNotFitError
                        data__models_item_keys = set(data__models_item.keys())
                        if 'name' in data__models_item_keys:
                            data__models_item_keys.remove('name')
                            data__models_item__name = data__models_item['name']
                            if not isinstance(data__models_item__name, str):
                                raise DoesNotFitError
                            if isinstance(data__models_item__name, str):
                                data__models_item__name_len = len(data__models_item__name)
                                if data__models_item__name_len > 511:
                                    raise DoesNotFitError
                                if not _PATTERN_2.search(data__models_item__name):
                                    raise DoesNotFitError
                        if 'sha256' in data__models_item_keys:
                            data__models_item_keys.remove('sha256')
                            data__models_item__sha256 = data__models_item['sha256']
                            if not isinstance(data__models_item__sha256, str):
                                raise DoesNotFitError
                            if isinstance(data__models_item__sha256, str):
                                if not _PATTERN_3.search(data__models_item__sha256):
                                    raise DoesNotFitError
                        if 'size' in data__models_item_keys:
                            data__models_item_keys.remove('size')
                            data__models_item__size = data__models_item['size']
                            if not isinstance(data__models_item__size, int) and (not (isinstance(data__models_item__size, float) and data__models_item__size.is_integer())) or isinstance(data__models_item__size, bool):
                                raise DoesNotFitError
                            if isinstance(data__models_item__size, (int, float)) and (not isinstance(data__models_item__size, bool)):
                                if data__models_item__size < 0:
                                    raise DoesNotFitError
                                if data__models_item__size > 9007199254740991:
                                    raise DoesNotFitError
                        if 'source' in data__models_item_keys:
                            data__models_item_keys.remove('source')
                            data__models_item__source = data__models_item['source']
                            if not isinstance(data__models_item__source, str):
                                raise DoesNotFitError
                            if isinstance(data__models_item__source, str):
                                if not _PATTERN_1.search(data__models_item__source):
                                    raise DoesNotFitError
                        if 'description' in data__models_item_keys:
                            data__models_item_keys.remove('description')
                            data__models_item__description = data__models_item['description']
                            if not isinstance(data__models_item__description, str):
                                raise DoesNotFitError
                        if data__models_item_keys:
                            raise DoesNotFitError
        if 'ignore' in data_keys:
            data_keys.remove('ignore')
            data__ignore = data['ignore']
            if not isinstance(data__ignore, (list, tuple)):
                raise DoesNotFitError
            data__ignore_is_list = isinstance(data__ignore, (list, tuple))
            if data__ignore_is_list:
                data__ignore_len = len(data__ignore)
                for data__ignore_x, data__ignore_item in enumerate(data__ignore):
                    if not isinstance(data__ignore_item, str):
                        raise DoesNotFitError
                    if isinstance(data__ignore_item, str):
                        data__ignore_item_len = len(data__ignore_item)
                        if data__ignore_item_len > 511:
                            raise DoesNotFitError
                        if not _PATTERN_4.search(data__ignore_item):
                            raise DoesNotFitError
        if 'protect' in data_keys:
            data_keys.remove('protect')
            data__protect = data['protect']
            if not isinstance(data__protect, (list, tuple)):
                raise DoesNotFitError
            data__protect_is_list = isinstance(data__protect, (list, tuple))
            if data__protect_is_list:
                data__protect_len = len(data__protect)
                for data__protect_x, data__protect_item in enumerate(data__protect):
                    if not isinstance(data__protect_item, str):
                        raise DoesNotFitError
                    if isinstance(data__protect_item, str):
                        data__protect_item_len = len(data__protect_item)
                        if data__protect_item_len > 511:
                            raise DoesNotFitError
                        if not _PATTERN_4.search(data__protect_item):
                            raise DoesNotFitError
        if 'absent' in data_keys:
            data_keys.remove('absent')
            data__absent = data['absent']
            if not isinstance(data__absent, (list, tuple)):
                raise DoesNotFitError
            data__absent_is_list = isinstance(data__absent, (list, tuple))
            if data__absent_is_list:
                data__absent_len = len(data__absent)
                for data__absent_x, data__absent_item in enumerate(data__absent):
                    if not isinstance(data__absent_item, str):
                        raise DoesNotFitError
                    if isinstance(data__absent_item, str):
                        data__absent_item_len = len(data__absent_item)
                        if data__absent_item_len > 511:
                            raise DoesNotFitError
                        if not _PATTERN_4.search(data__absent_item):
                            raise DoesNotFitError
        if 'policy' in data_keys:
            data_keys.remove('policy')
            data__policy = data['policy']
            if not isinstance(data__policy, dict):
                raise DoesNotFitError
            data__policy_is_dict = isinstance(data__policy, dict)
            if data__policy_is_dict:
                data__policy_keys = set(data__policy.keys())
                if 'unlisted' in data__policy_keys:
                    data__policy_keys.remove('unlisted')
                    data__policy__unlisted = data__policy['unlisted']
                    if not (isinstance(data__policy__unlisted, str) and data__policy__unlisted == 'remove' or (isinstance(data__policy__unlisted, str) and data__policy__unlisted == 'report')):
                        raise DoesNotFitError
                if 'missing' in data__policy_keys:
                    data__policy_keys.remove('missing')
                    data__policy__missing = data__policy['missing']
                    if not (isinstance(data__policy__missing, str) and data__policy__missing == 'refuse' or (isinstance(data__policy__missing, str) and data__policy__missing == 'allow')):
                        raise DoesNotFitError
                if 'max_remove' in data__policy_keys:
                    data__policy_keys.remove('max_remove')
                    data__policy__maxremove = data__policy['max_remove']
                    if not isinstance(data__policy__maxremove, dict):
                        raise DoesNotFitError
                    data__policy__maxremove_is_dict = isinstance(data__policy__maxremove, dict)
                    if data__policy__maxremove_is_dict:
                        data__policy__maxremove_keys = set(data__policy__maxremove.keys())
                        if 'count' in data__policy__maxremove_keys:
                            data__policy__maxremove_keys.remove('count')
                            data__policy__maxremove__count = data__policy__maxremove['count']
                            if not isinstance(data__policy__maxremove__count, int) and (not (isinstance(data__policy__maxremove__count, float) and data__policy__maxremove__count.is_integer())) or isinstance(data__policy__maxremove__count, bool):
                                raise DoesNotFitError
                            if isinstance(data__policy__maxremove__count, (int, float)) and (not isinstance(data__policy__maxremove__count, bool)):
                                if data__policy__maxremove__count < 0:
                                    raise DoesNotFitError
                                if data__policy__maxremove__count > 9007199254740991:
                                    raise DoesNotFitError
                        if 'percent' in data__policy__maxremove_keys:
                            data__policy__maxremove_keys.remove('percent')
                            data__policy__maxremove__percent = data__policy__maxremove['percent']
                            if not isinstance(data__policy__maxremove__percent, (int, float)) or isinstance(data__policy__maxremove__percent, bool):
                                raise DoesNotFitError
                            if isinstance(data__policy__maxremove__percent, (int, float)) and (not isinstance(data__policy__maxremove__percent, bool)):
                                if data__policy__maxremove__percent < 0:
                                    raise DoesNotFitError
                                if data__policy__maxremove__percent > 100:
                                    raise DoesNotFitError
                        if 'bytes' in data__policy__maxremove_keys:
                            data__policy__maxremove_keys.remove('bytes')
                            data__policy__maxremove__bytes = data__policy__maxremove['bytes']
                            if not isinstance(data__policy__maxremove__bytes, (int, str)) and (not (isinstance(data__policy__maxremove__bytes, float) and data__policy__maxremove__bytes.is_integer())) or isinstance(data__policy__maxremove__bytes, bool):
                                raise DoesNotFitError
                            if isinstance(data__policy__maxremove__bytes, str):
                                if not _PATTERN_5.search(data__policy__maxremove__bytes):
                                    raise DoesNotFitError
                            if isinstance(data__policy__maxremove__bytes, (int, float)) and (not isinstance(data__policy__maxremove__bytes, bool)):
                                if data__policy__maxremove__bytes < 0:
                                    raise DoesNotFitError
                                if data__policy__maxremove__bytes > 9007199254740991:
                                    raise DoesNotFitError
                        if data__policy__maxremove_keys:
                            raise DoesNotFitError
                if 'retain' in data__policy_keys:
                    data__policy_keys.remove('retain')
                    data__policy__retain = data__policy['retain']
                    if not isinstance(data__policy__retain, str):
                        raise DoesNotFitError
                    if isinstance(data__policy__retain, str):
                        if not _PATTERN_6.search(data__policy__retain):
                            raise DoesNotFitError
                if data__policy_keys:
                    raise DoesNotFitError
        if 'extends' in data_keys:
            data_keys.remove('extends')
            data__extends = data['extends']
            if not isinstance(data__extends, (list, tuple)):
                raise DoesNotFitError
            data__extends_is_list = isinstance(data__extends, (list, tuple))
            if data__extends_is_list:
                data__extends_len = len(data__extends)
                for data__extends_x, data__extends_item in enumerate(data__extends):
                    if not isinstance(data__extends_item, str):
                        raise DoesNotFitError
                    if isinstance(data__extends_item, str):
                        if not _PATTERN_1.search(data__extends_item):
                            raise DoesNotFitError
        if data_keys:
            raise DoesNotFitError
    try:
        data_is_dict = isinstance(data, dict)
        if data_is_dict:
            data__missing_keys = set(['extends']) - data.keys()
            if data__missing_keys:
                raise DoesNotFitError
    except DoesNotFitError:
        data_is_dict = isinstance(data, dict)
        if data_is_dict:
            data__missing_keys = set(['models']) - data.keys()
            if data__missing_keys:
                raise DoesNotFitError
    else:
        pass
