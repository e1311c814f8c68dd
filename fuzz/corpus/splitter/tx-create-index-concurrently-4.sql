create index ai2 on a(i);
