insert into p values ('b','@x@ mail');
