"""What is printed: measures, profiles, the whole catalogue and reports as tagged PDF files (PDF/UA-1) by typst.

``blocks`` turns words into data, one module for each paper gathers them, ``press`` has them set. Words of people are
data all the way: none of them is ever part of a typst source.
"""
