create tablespace tsx location '/nonexistent_dir';
