"""The public portal 信息公开门户: drafts of what is published, the open catalogue, the face of citizens."""
