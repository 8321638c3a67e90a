"""Code 环保码 and credit 环境信用: what happened, the schemes that weigh it, the standing that follows."""
