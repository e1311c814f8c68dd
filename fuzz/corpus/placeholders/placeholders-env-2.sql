insert into p values ('b','${my_name}');
