"""What two years' blanks of a form ask for, compared, and the edition that is made of the newer one."""
