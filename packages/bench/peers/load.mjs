// Stands beside the peers' own node_modules, from which the names resolve.
export const load = (name) => import(name)
