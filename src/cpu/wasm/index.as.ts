export { run } from './operations.as';
export { share, stop, work } from './threads.as';
