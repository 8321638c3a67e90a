"""Work 后台任务: what takes longer than a request, done by a worker, with progress, kept with its result."""
