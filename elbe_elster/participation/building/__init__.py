"""What the editor of surveys needs beside its forms: tabs, outline, codes, and conditions as lines to click together."""
