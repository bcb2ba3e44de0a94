/** Units of a layer that the network's picture shows, the first ones. */
export const SHOWN_UNITS = 8;
