/** The event of a page that has imported the worker's script; its detail is the class `Runner`. */
export const RUNNER_LOADED = 'spiralnet runner loaded';
