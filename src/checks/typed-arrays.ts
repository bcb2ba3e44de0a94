/** The accessors of every typed array, whatever its realm or subclass makes of them. */
const { prototype } = Object.getPrototypeOf(Uint8Array);
const accessor = (key: PropertyKey) => Object.getOwnPropertyDescriptor(prototype, key)?.get;
const [nameOf, lengthOf] = [Symbol.toStringTag, 'length'].map(accessor);

/** `Float32Array`, …, by what the array is, not by what it says: undefined for anything else, a proxy of one too. */
export function typedArrayName(value: unknown): string | undefined {
  return nameOf?.call(value);
}

/** Of a typed array; 0 once its memory has gone. */
export function typedArrayLength(values: ArrayBufferView): number {
  return lengthOf?.call(values);
}
