alter type e add value 'y';
