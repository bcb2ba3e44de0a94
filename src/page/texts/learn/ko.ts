import type { LearnTexts } from './en.ts';

export const ko: LearnTexts = {
  contents: '차례',
  link: (title) => `“${title}” 링크`,
  gpu: 'GPU에서는',
  figure: {
    waiting: (title) => `“${title}” 그림을 불러오는 중입니다.`,
    reset: '처음으로',
    numbers: '이 그림의 수치',
    keys: '키보드',
  },
};
