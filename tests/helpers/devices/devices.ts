/**
 * Validation and memory errors that no error scope caught. Each error fails the test in which it
 * occurs.
 */
export const uncaptured: string[] = [];

/** The devices of one test file, which end with the file. */
export const ownDevices: GPUDevice[] = [];
