/**
 * Every change is one statement, so that it happens whole or not at all. Rows are locked in the order of their names, the
 * global account first; new figures are made from the rows as they are once locked. A statement that finds that another made
 * the same row meanwhile divides by zero: that undoes it, and it is asked again.
 */
export const begin: string = `with input as materialized (select $1::text::json as i),
clock as materialized (select floor(extract(epoch from clock_timestamp()) * 1000)::bigint as now)`
