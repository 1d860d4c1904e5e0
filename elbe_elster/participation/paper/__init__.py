"""The paper twin of a survey: the printed form, what is typed from it, and how two entries are compared.

``form`` prints a questionnaire (the same document that is answered online), ``codes`` reads and writes what a clerk
types for one question, ``comparing`` finds what two entries of a sheet have different. The form carries no mark of a
person; the number of a sheet is written on it only when it is typed in, and ends with its pile.
"""
