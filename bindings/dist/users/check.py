"""What a user does first with the Python package."""

import sitelift
from sitelift import Site, interop

said = interop.TestData(data="Hello there from Rust code 'test';", len=34)
if interop.hello_there(interop.TestData(data="test", len=0)) != said:
    raise SystemExit("a record comes back wrong")
site = Site.from_html("<title>Hi</title>", base_url="https://a.example/")
if interop.echo_site(site) != site or site.title != "Hi":
    raise SystemExit("a page comes back wrong")
print(sitelift.__version__)
