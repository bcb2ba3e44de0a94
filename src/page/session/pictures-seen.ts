import { address } from './address.ts';

/** Whether a picture of the run is on the screen. Before the first one there is none to look for. */
export function picturesSeen(): boolean {
  if (document.hidden || address.peek().view !== 'train') return false;
  const pictures = [...document.querySelectorAll('main canvas')];
  return pictures.length === 0 || pictures.some(isOnScreen);
}

function isOnScreen(picture: Element): boolean {
  const { top, bottom, width } = picture.getBoundingClientRect();
  return width > 0 && bottom > 0 && top < innerHeight;
}
