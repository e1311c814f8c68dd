insert into p values ('c','${MY_NAME}');
