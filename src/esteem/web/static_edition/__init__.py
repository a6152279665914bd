"""The public site as a folder of files that opens from disk, without a server: `esteem publish DIR`.

    visits.py      one page of the site, asked in this process
    addresses.py   an address in its normal form, the file that stands for it, the link from one file to another
    scope.py       what belongs to an edition: the rule, in code and in words
    crawl.py       from page to page along the links that the scope admits
    rewriting.py   a page as it stands in the edition: links to files, words in place of what is left out
    own_pages.py   the two pages that only an edition has: everything from A to Z, and what is left out
    folder.py      the folder is made beside and swapped in whole; a folder of somebody else's is never touched
    edition.py     all of it together

Nothing here knows a figure: pages and files are those that the site serves.
"""
