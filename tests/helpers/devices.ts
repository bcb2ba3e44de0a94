/** Every validation or memory error that no error scope caught; one of them fails the test it came in. */
export const uncaptured: string[] = [];

/** The devices that a test file has for itself, which end with it. */
export const ownDevices: GPUDevice[] = [];
