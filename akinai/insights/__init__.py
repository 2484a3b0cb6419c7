"""分析 (insights): reads every room and writes nothing: 漏れチェック, proofs, numbers for the first screen."""
