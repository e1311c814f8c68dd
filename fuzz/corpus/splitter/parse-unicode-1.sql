create table größe("名" text, ñ int);
insert into größe values ('日本; 😀', 1);
