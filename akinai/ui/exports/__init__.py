"""書き出したファイル: lists too long for one request become files in a job, for the person who asked and nobody else."""
