/** The address of a worker's script, from Vite. */
declare module '*?worker&url' {
  const address: string;
  export default address;
}
