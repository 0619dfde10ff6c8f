/** Where servers are required, a missing one is a failure; elsewhere its tests are skipped, and their title says so. */
export const required: boolean = process.env['WAYFARE_REQUIRE_STORES'] !== undefined
