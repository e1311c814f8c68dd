insert into p values ('multi','${m}');
