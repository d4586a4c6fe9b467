"""Picks values by CSS rules of one's own from HTML in hand: `python own_rules.py`."""

import sitelift

SHOP = """
<title>Two lamps</title>
<ul>
  <li class="lamp"><a href="/north">North</a> <b class="price">12.00</b></li>
  <li class="lamp"><a href="/south">South</a> <b class="price">15.50</b></li>
</ul>
"""


def main() -> None:
    """Print each lamp with its price."""
    rules = {"name": ".lamp a", "link": ".lamp a::attr(href)", "price": ".lamp .price::text"}
    site = sitelift.Site.from_html(SHOP, base_url="https://shop.example/", select=rules)
    for name, link, price in zip(*(site.selected[rule] for rule in rules), strict=True):
        print(f"{name}: {price} ({link})")


if __name__ == "__main__":
    main()
