"""Whether data fits the manifest's JSON Schema: `check` raises an error if not, and says no more.

It is generated from the schema by `make schema`, so not to be edited.
"""

from ocrstate.manifest.checking import DoesNotFitError, Pattern

SCHEMA = "6497f22a046c648e453a9ffb5f69fc972959971a849248b6de0fba26399651a3"
"""The SHA-256 of what this was generated from: the schema without its words."""

_PATTERN_1 = Pattern('^(?! )[^\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029]+(?![\\s\\S])')
_PATTERN_2 = Pattern('^(?:0|[1-9][0-9]{0,14})(?:\\.[0-9]{1,3})? ?(?:[kMGT]B|[KMGT]iB|B)(?![\\s\\S])')
_PATTERN_3 = Pattern('^(?:0|[1-9][0-9]{0,4})[mhdw](?![\\s\\S])')
_PATTERN_4 = Pattern('^(?!!)(?!\\.\\.?(?:/|(?![\\s\\S])))[^\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029\\\\/]+(?:/(?!\\.\\.?(?:/|(?![\\s\\S])))[^\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029\\\\/]+)?/?(?![\\s\\S])')
_PATTERN_5 = Pattern('^(?![A-Za-z]:)(?!\\.[oO][cC][rR][sS][tT][aA][tT][eE](?:/|(?![\\s\\S])))(?!\\.\\.?(?:/|(?![\\s\\S])))[^\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029\\\\/]+(?:/(?!\\.\\.?(?:/|(?![\\s\\S])))[^\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029\\\\/]+)?(?![\\s\\S])')
_PATTERN_6 = Pattern('^[0-9a-fA-F]{64}(?![\\s\\S])')


def check(data: object) -> None:
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
            check_version(data__version)
        if 'store' in data_keys:
            data_keys.remove('store')
            data__store = data['store']
            check_store(data__store)
        if 'models' in data_keys:
            data_keys.remove('models')
            data__models = data['models']
            check_models(data__models)
        if 'ignore' in data_keys:
            data_keys.remove('ignore')
            data__ignore = data['ignore']
            check_ignore(data__ignore)
        if 'protect' in data_keys:
            data_keys.remove('protect')
            data__protect = data['protect']
            check_protect(data__protect)
        if 'absent' in data_keys:
            data_keys.remove('absent')
            data__absent = data['absent']
            check_absent(data__absent)
        if 'policy' in data_keys:
            data_keys.remove('policy')
            data__policy = data['policy']
            check_policy(data__policy)
        if 'extends' in data_keys:
            data_keys.remove('extends')
            data__extends = data['extends']
            check_extends(data__extends)
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


def check_extends(data: object) -> None:
    if not isinstance(data, (list, tuple)):
        raise DoesNotFitError
    data_is_list = isinstance(data, (list, tuple))
    if data_is_list:
        data_len = len(data)
        for data_x, data_item in enumerate(data):
            if not isinstance(data_item, str):
                raise DoesNotFitError
            if isinstance(data_item, str):
                if not _PATTERN_1.search(data_item):
                    raise DoesNotFitError


def check_policy(data: object) -> None:
    if not isinstance(data, dict):
        raise DoesNotFitError
    data_is_dict = isinstance(data, dict)
    if data_is_dict:
        data_keys = set(data.keys())
        if 'unlisted' in data_keys:
            data_keys.remove('unlisted')
            data__unlisted = data['unlisted']
            if not (isinstance(data__unlisted, str) and data__unlisted == 'remove' or (isinstance(data__unlisted, str) and data__unlisted == 'report')):
                raise DoesNotFitError
        if 'missing' in data_keys:
            data_keys.remove('missing')
            data__missing = data['missing']
            if not (isinstance(data__missing, str) and data__missing == 'refuse' or (isinstance(data__missing, str) and data__missing == 'allow')):
                raise DoesNotFitError
        if 'max_remove' in data_keys:
            data_keys.remove('max_remove')
            data__maxremove = data['max_remove']
            if not isinstance(data__maxremove, dict):
                raise DoesNotFitError
            data__maxremove_is_dict = isinstance(data__maxremove, dict)
            if data__maxremove_is_dict:
                data__maxremove_keys = set(data__maxremove.keys())
                if 'count' in data__maxremove_keys:
                    data__maxremove_keys.remove('count')
                    data__maxremove__count = data__maxremove['count']
                    if not isinstance(data__maxremove__count, int) and (not (isinstance(data__maxremove__count, float) and data__maxremove__count.is_integer())) or isinstance(data__maxremove__count, bool):
                        raise DoesNotFitError
                    if isinstance(data__maxremove__count, (int, float)) and (not isinstance(data__maxremove__count, bool)):
                        if data__maxremove__count < 0:
                            raise DoesNotFitError
                        if data__maxremove__count > 9007199254740991:
                            raise DoesNotFitError
                if 'percent' in data__maxremove_keys:
                    data__maxremove_keys.remove('percent')
                    data__maxremove__percent = data__maxremove['percent']
                    if not isinstance(data__maxremove__percent, (int, float)) or isinstance(data__maxremove__percent, bool):
                        raise DoesNotFitError
                    if isinstance(data__maxremove__percent, (int, float)) and (not isinstance(data__maxremove__percent, bool)):
                        if data__maxremove__percent < 0:
                            raise DoesNotFitError
                        if data__maxremove__percent > 100:
                            raise DoesNotFitError
                if 'bytes' in data__maxremove_keys:
                    data__maxremove_keys.remove('bytes')
                    data__maxremove__bytes = data__maxremove['bytes']
                    if not isinstance(data__maxremove__bytes, (int, str)) and (not (isinstance(data__maxremove__bytes, float) and data__maxremove__bytes.is_integer())) or isinstance(data__maxremove__bytes, bool):
                        raise DoesNotFitError
                    if isinstance(data__maxremove__bytes, str):
                        if not _PATTERN_2.search(data__maxremove__bytes):
                            raise DoesNotFitError
                    if isinstance(data__maxremove__bytes, (int, float)) and (not isinstance(data__maxremove__bytes, bool)):
                        if data__maxremove__bytes < 0:
                            raise DoesNotFitError
                        if data__maxremove__bytes > 9007199254740991:
                            raise DoesNotFitError
                if data__maxremove_keys:
                    raise DoesNotFitError
        if 'retain' in data_keys:
            data_keys.remove('retain')
            data__retain = data['retain']
            if not isinstance(data__retain, str):
                raise DoesNotFitError
            if isinstance(data__retain, str):
                if not _PATTERN_3.search(data__retain):
                    raise DoesNotFitError
        if data_keys:
            raise DoesNotFitError


def check_absent(data: object) -> None:
    if not isinstance(data, (list, tuple)):
        raise DoesNotFitError
    data_is_list = isinstance(data, (list, tuple))
    if data_is_list:
        data_len = len(data)
        for data_x, data_item in enumerate(data):
            if not isinstance(data_item, str):
                raise DoesNotFitError
            if isinstance(data_item, str):
                data_item_len = len(data_item)
                if data_item_len > 511:
                    raise DoesNotFitError
                if not _PATTERN_4.search(data_item):
                    raise DoesNotFitError


def check_protect(data: object) -> None:
    if not isinstance(data, (list, tuple)):
        raise DoesNotFitError
    data_is_list = isinstance(data, (list, tuple))
    if data_is_list:
        data_len = len(data)
        for data_x, data_item in enumerate(data):
            if not isinstance(data_item, str):
                raise DoesNotFitError
            if isinstance(data_item, str):
                data_item_len = len(data_item)
                if data_item_len > 511:
                    raise DoesNotFitError
                if not _PATTERN_4.search(data_item):
                    raise DoesNotFitError


def check_ignore(data: object) -> None:
    if not isinstance(data, (list, tuple)):
        raise DoesNotFitError
    data_is_list = isinstance(data, (list, tuple))
    if data_is_list:
        data_len = len(data)
        for data_x, data_item in enumerate(data):
            if not isinstance(data_item, str):
                raise DoesNotFitError
            if isinstance(data_item, str):
                data_item_len = len(data_item)
                if data_item_len > 511:
                    raise DoesNotFitError
                if not _PATTERN_4.search(data_item):
                    raise DoesNotFitError


def check_models(data: object) -> None:
    if not isinstance(data, (list, tuple)):
        raise DoesNotFitError
    data_is_list = isinstance(data, (list, tuple))
    if data_is_list:
        data_len = len(data)
        for data_x, data_item in enumerate(data):
            if not isinstance(data_item, (str, dict)):
                raise DoesNotFitError
            if isinstance(data_item, str):
                data_item_len = len(data_item)
                if data_item_len > 511:
                    raise DoesNotFitError
                if not _PATTERN_5.search(data_item):
                    raise DoesNotFitError
            data_item_is_dict = isinstance(data_item, dict)
            if data_item_is_dict:
                data_item__missing_keys = set(['name']) - data_item.keys()
                if data_item__missing_keys:
                    raise DoesNotFitError
                data_item_keys = set(data_item.keys())
                if 'name' in data_item_keys:
                    data_item_keys.remove('name')
                    data_item__name = data_item['name']
                    if not isinstance(data_item__name, str):
                        raise DoesNotFitError
                    if isinstance(data_item__name, str):
                        data_item__name_len = len(data_item__name)
                        if data_item__name_len > 511:
                            raise DoesNotFitError
                        if not _PATTERN_5.search(data_item__name):
                            raise DoesNotFitError
                if 'sha256' in data_item_keys:
                    data_item_keys.remove('sha256')
                    data_item__sha256 = data_item['sha256']
                    if not isinstance(data_item__sha256, str):
                        raise DoesNotFitError
                    if isinstance(data_item__sha256, str):
                        if not _PATTERN_6.search(data_item__sha256):
                            raise DoesNotFitError
                if 'size' in data_item_keys:
                    data_item_keys.remove('size')
                    data_item__size = data_item['size']
                    if not isinstance(data_item__size, int) and (not (isinstance(data_item__size, float) and data_item__size.is_integer())) or isinstance(data_item__size, bool):
                        raise DoesNotFitError
                    if isinstance(data_item__size, (int, float)) and (not isinstance(data_item__size, bool)):
                        if data_item__size < 0:
                            raise DoesNotFitError
                        if data_item__size > 9007199254740991:
                            raise DoesNotFitError
                if 'source' in data_item_keys:
                    data_item_keys.remove('source')
                    data_item__source = data_item['source']
                    if not isinstance(data_item__source, str):
                        raise DoesNotFitError
                    if isinstance(data_item__source, str):
                        if not _PATTERN_1.search(data_item__source):
                            raise DoesNotFitError
                if 'description' in data_item_keys:
                    data_item_keys.remove('description')
                    data_item__description = data_item['description']
                    if not isinstance(data_item__description, str):
                        raise DoesNotFitError
                if data_item_keys:
                    raise DoesNotFitError


def check_store(data: object) -> None:
    if not isinstance(data, str):
        raise DoesNotFitError
    if isinstance(data, str):
        if not _PATTERN_1.search(data):
            raise DoesNotFitError


def check_version(data: object) -> None:
    if not isinstance(data, int) and (not (isinstance(data, float) and data.is_integer())) or isinstance(data, bool):
        raise DoesNotFitError
    if not (isinstance(data, (int, float)) and (not isinstance(data, bool)) and (data == 1)):
        raise DoesNotFitError
