"""Walks through a list as each API's document says, and holds every page's own account of itself against the rest."""
from urllib.parse import urlencode

from vendor_apis import LISTS
from views import items_of, require

# More pages than this are not asked for one by one.
MOST_PAGES = 8
WRONG_NUMBERS = ("0", "-1", "101", "1.0", "ten", "")


def walk(ask, api, kind, size, count, filters=None):
    """
    - size: how many items a page is to have; none for Cari's whole array. Raised where the list is too long for it.
    - count: how many items there must be.
    - Returns: the pages' answers.
    """
    if size is None:
        return [page_of(ask, api, kind, filters or {})]
    size = max(size, -(-count // MOST_PAGES))
    return {"cari": by_total, "collctiv": by_page, "stancer": by_start}[api](ask, api, kind, size, filters or {})


def page_of(ask, api, kind, query):
    path = LISTS[api, kind][0]
    answer = ask(api, "GET", f"{path}?{urlencode(query)}" if query else path)
    require(answer.status == 200, f"{answer.status} {answer.body}")
    return answer


def by_total(ask, api, kind, size, filters):
    """Cari's envelope tells how many pages there are; the page after the last is empty and keeps the totals."""
    pages = []
    while True:
        page = page_of(ask, api, kind, {"page": len(pages) + 1, "items_per_page": size} | filters)
        shown = page.json
        total, last = shown["total_items"], shown["total_pages"]
        require(last == -(-total // size), f"{last} pages for {total} items by {size}")
        held = min(size, max(0, total - len(pages) * size))
        require(
            len(items_of(api, kind, page)) == held, f"page {len(pages) + 1} of {total} items by {size} holds others"
        )
        if len(pages) >= last:
            return pages
        pages.append(page)


def by_page(ask, api, kind, size, filters):
    """Collctiv's `has_more` tells whether an item comes after this page."""
    pages = []
    while not pages or pages[-1].json["has_more"]:
        pages.append(page_of(ask, api, kind, {"page": len(pages) + 1, "limit": size} | filters))
        items = items_of(api, kind, pages[-1])
        require(len(items) == size or not pages[-1].json["has_more"], f"{len(items)} items, and yet there are more")
    beyond = page_of(ask, api, kind, {"page": len(pages) + 1, "limit": size} | filters)
    require(beyond.json == {"has_more": False, "data": []}, f"a page after the last: {beyond.body}")
    return pages


def by_start(ask, api, kind, size, filters):
    """Stancer's `range` says which items these are; the next page begins `limit` later."""
    pages, start = [], 0
    while not pages or pages[-1].json["range"]["has_more"]:
        pages.append(page_of(ask, api, kind, {"start": start, "limit": size} | filters))
        shown, items = pages[-1].json, items_of(api, kind, pages[-1])
        more = shown["range"]["has_more"]
        require(len(items) == size or not more, f"{len(items)} items, and yet there are more")
        expected = {"start": start, "end": start + max(0, len(items) - 1), "limit": size, "has_more": more}
        require(shown["range"] == expected, f"{shown['range']} is not {expected}")
        require(set(shown) == {"live_mode", "range", LISTS[api, kind][1]}, f"other members: {set(shown)}")
        start += size
    return pages


def refuse_wrong_numbers(ask, api, kind, text):
    """A page's size outside of 1 to 100, or no number, is 400."""
    name = "items_per_page" if api == "cari" else "limit"
    answer = ask(api, "GET", f"{LISTS[api, kind][0]}?{urlencode({name: text})}")
    require(answer.status == 400, f"{name}={text} is {answer.status}: {answer.body}")
