"""Keeps what is made of an object, such as an edition, as long as the object itself."""

import functools
import inspect
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

_Object = TypeVar("_Object")
_More = ParamSpec("_More")
_Made = TypeVar("_Made")


def object_cache(
    function: Callable[Concatenate[_Object, _More], _Made],
) -> Callable[Concatenate[_Object, _More], _Made]:
    """As `functools.cache`, but the results go with the object that is the function's first argument."""

    name = f"kept {function.__module__}.{function.__qualname__}"

    @functools.wraps(function)
    def of_object(of: Any) -> Any:
        try:
            return of.__dict__[name]
        except KeyError:
            made = of.__dict__[name] = cast("Callable[[Any], Any]", function)(of)
            return made

    @functools.wraps(function)
    def of_more(of: Any, *more: Any, **named: Any) -> Any:
        results = of.__dict__.setdefault(name, {})
        key = (*more, *named.items())
        if key not in results:
            results[key] = function(of, *more, **named)
        return results[key]

    is_of_one = len(inspect.signature(function).parameters) == 1
    return cast("Callable[Concatenate[_Object, _More], _Made]", of_object if is_of_one else of_more)
