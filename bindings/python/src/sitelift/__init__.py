"""Lifts everything worth knowing out of web pages into one typed record.

>>> import sitelift
>>> site = sitelift.Site.from_html("<title>Hello</title>", base_url="https://example.com/")
>>> site.title
'Hello'

`Site.from_url`, `Site.from_urls` and `Site.from_html` are all that most programs need. `Client` and `AsyncClient`
keep one connection pool over many calls and give streams. A page that could not be fetched is a record with an
`error`, never an exception; exceptions are for calls that make no sense.
"""

from sitelift._client import AsyncClient, AsyncSiteStream, Client, SiteStream
from sitelift._errors import (
    ClosedError,
    ForkedError,
    InternalError,
    InvalidArgumentError,
    InvalidJsonError,
    InvalidProtobufError,
    InvalidSelectorError,
    PageError,
    SiteliftError,
)
from sitelift._ffi.sitelift import (
    Alternate,
    Article,
    CharsetSource,
    Feed,
    FetchOptions,
    Header,
    Heading,
    Icon,
    Image,
    JsonLd,
    Link,
    Media,
    MetaTag,
    PageKind,
    Part,
    Problem,
    ProblemKind,
    Redirect,
    Robots,
    Site,
    SocialProfile,
    Stats,
)
from sitelift._telling import Watch, disable_logging, enable_logging
from sitelift.interop import version as _version

__version__ = _version()

__all__ = [
    "Alternate",
    "Article",
    "AsyncClient",
    "AsyncSiteStream",
    "CharsetSource",
    "Client",
    "ClosedError",
    "Feed",
    "FetchOptions",
    "ForkedError",
    "Header",
    "Heading",
    "Icon",
    "Image",
    "InternalError",
    "InvalidArgumentError",
    "InvalidJsonError",
    "InvalidProtobufError",
    "InvalidSelectorError",
    "JsonLd",
    "Link",
    "Media",
    "MetaTag",
    "PageError",
    "PageKind",
    "Part",
    "Problem",
    "ProblemKind",
    "Redirect",
    "Robots",
    "Site",
    "SiteStream",
    "SiteliftError",
    "SocialProfile",
    "Stats",
    "Watch",
    "__version__",
    "disable_logging",
    "enable_logging",
]

# Tracebacks and pickles name the place that users import from, and the name that they know there.
for _name in __all__:
    _class = globals()[_name]
    if isinstance(_class, type):
        _class.__module__, _class.__name__, _class.__qualname__ = __name__, _name, _name
