"""Speed and memory, printed as ratios against a named anchor measured in the same run."""
