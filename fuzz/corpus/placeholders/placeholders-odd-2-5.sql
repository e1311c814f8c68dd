insert into p values ('quote','${q}');
