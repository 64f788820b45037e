"""One invented company, Jinlian Zippers (锦链拉链), and its days, told as scenarios."""
