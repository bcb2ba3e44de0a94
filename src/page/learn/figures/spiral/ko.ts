import type { SpiralWords } from './en.ts';

export const ko: SpiralWords = {
  title: '팔을 따라 그리는 나선',
  caption:
    '점마다 중심에서 r만큼 나가고 t만큼 돕니다. 잡음은 점을 조금 더 돌리거나 덜 돌립니다. 식의 수를 바꾸거나 점을 하나씩 다시 그려 보세요.',
  keys: 'Tab으로 슬라이더를 옮겨 다니고 화살표 키로 움직입니다.',
  picture: (points) => `식이 만드는 순서대로 그린 나선의 점 ${points}개`,
  drawn: '점',
  radius: '반지름',
  turn: '팔이 도는 각',
  noise: '잡음',
  radians: (value) => `${value} rad`,
  degrees: (radians, degrees) => `${radians} rad = ${degrees}°`,
  point: (number) => `점 ${number}`,
  none: '아직 점이 없습니다',
  class: '클래스',
  drawnOf: (drawn, all) => `${all}개 중 ${drawn}개`,
  from: 't 시작',
  to: 't 끝',
};
