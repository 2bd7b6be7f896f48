"""The measure room: indicators, evaluation and the checking of reports."""
