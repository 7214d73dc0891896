"""A handful of documents: enough to answer, to disagree, and to be hostile."""

from __future__ import annotations

DOCUMENTS: list[tuple[str, dict[str, str]]] = [
    (
        (
            "The treaty was signed in Pyongyang on 19 June 2024.\n"
            "Article 4 of the treaty says that if one side is put in a state of war by an armed "
            "invasion, the other shall provide military and other assistance with all means in its "
            "possession without delay.\n"
            "The treaty entered into force on 4 December 2024, after both sides exchanged "
            "instruments of ratification in Moscow."
        ),
        {
            "title": "The treaty between Russia and North Korea",
            "publisher": "TASS",
            "published": "2024-12-05",
            "kind": "state media",
            "url": "https://tass.com/politics/1882599",
        },
    ),
    (
        (
            "South Korea's intelligence service said on 18 October 2024 that North Korea had "
            "sent 1,500 special forces troops to Russia.\n"
            "NATO confirmed on 28 October 2024 that North Korean troops had been sent to Russia "
            "and were in the Kursk region.\n"
            "The Pentagon said on 4 November 2024 that about 10,000 North Korean troops were in "
            "the Kursk region."
        ),
        {
            "title": "First reports of North Korean troops",
            "publisher": "Reuters",
            "published": "2024-11-05",
            "kind": "agency",
            "url": "https://example.org/troops",
        },
    ),
    (
        (
            "In January 2025 Ukraine's general staff put the number of North Korean troops in the "
            "Kursk region at 12,000.\n"
            "North Korea's Central Military Commission confirmed the deployment of its troops on "
            "28 April 2025."
        ),
        {
            "title": "Later counts of the troops",
            "publisher": "Kyiv Independent",
            "published": "2025-05-02",
            "kind": "outlet",
        },
    ),
    (
        (
            "China's foreign ministry said on 1 November 2024 that how Russia and North Korea "
            "develop their relations is their own affair.\n"
            "China keeps quiet because it fears a closer alliance of the United States, Japan and "
            "South Korea, said analysts."
        ),
        {
            "title": "Why China keeps quiet",
            "publisher": "Tumen briefs",
            "published": "2025-01-10",
        },
    ),
    (
        (
            "The railway ferry @everyone <@123456789012345678> **bold** `code` ||secret|| "
            "[click](https://evil.example) # not a heading crossed the Tumen river 77 times "
            "in 2023."
        ),
        {
            "title": "Ferry @here **notes** [x](https://evil.example)",
            "publisher": "`Ferry` <#1> club",
            "published": "2023-12-31",
            "url": "javascript:alert(1)",
        },
    ),
]
