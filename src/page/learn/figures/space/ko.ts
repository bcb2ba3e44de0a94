import type { SpaceWords } from './en.ts';

export const ko: SpaceWords = {
  title: '은닉층이 구부린 평면',
  caption:
    '같은 학습을 은닉층에서 클래스가 갈리는 두 방향으로 봅니다. 격자가 평면입니다. 경계는 곧은 선이고, 은닉층은 세 조각으로 충분해질 때까지 평면을 구부립니다. 슬라이더는 앞 그림과 같은 것입니다.',
  keys: '슬라이더에서 화살표 키는 한 스텝, Page Up·Down은 10분의 1, Home·End는 처음과 끝입니다.',
  waiting: '신경망을 여는 중입니다.',
  class: '클래스',
  right: '자기 영역에 있는 점',
};
