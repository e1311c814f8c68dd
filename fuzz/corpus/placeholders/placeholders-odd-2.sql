insert into p values ('space','${ x }');
