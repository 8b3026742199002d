"""Keeps what is made of an object, such as an edition, as long as the object itself."""

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

_Object = TypeVar("_Object")
_More = ParamSpec("_More")
_Made = TypeVar("_Made")

_RESULTS = "_results"


def object_cache(
    function: Callable[Concatenate[_Object, _More], _Made],
) -> Callable[Concatenate[_Object, _More], _Made]:
    """As `functools.cache`, but the results go with the object that is the function's first argument."""

    @functools.wraps(function)
    def kept(of: _Object, /, *more: _More.args, **named: _More.kwargs) -> _Made:
        key = (function, more, *named.items()) if more or named else function
        try:
            made: _Made = of.__dict__[_RESULTS][key]
        except KeyError:
            made = of.__dict__.setdefault(_RESULTS, {})[key] = function(of, *more, **named)
        return made

    return kept
