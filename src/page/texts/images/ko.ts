import type { ImageTexts } from './en.ts';

export const ko: ImageTexts = {
  drawing: {
    title: '직접 그려 보기',
    hint: '마우스나 손가락으로 그리세요. 화살표 키는 커서를 옮기고 Shift와 함께 누르면 조금씩 옮깁니다. 스페이스 키는 펜을 내리거나 듭니다.',
    canvas: '그리는 곳',
    pen: (down) => (down ? '펜을 내렸습니다.' : '펜을 들었습니다.'),
    clear: '지우기',
    seen: '신경망이 받는 이미지',
    image: (size) => `${size}픽셀로 줄인 그림, 신경망이 받는 그대로`,
    probabilities: '클래스별 확률',
    scores: '클래스별 점수',
    nothing: '아직 아무것도 그리지 않았습니다.',
    told: (name) => `신경망의 답: ${name}`,
    none: '답할 신경망이 없습니다.',
  },
  templates: {
    title: '그림으로 본 가중치',
    classes: (size) =>
      `클래스마다 픽셀 ${size}개에 대한 가중치가 하나씩 있습니다. 가중치가 0보다 큰 픽셀은 그 클래스에 찬성하고, 작은 픽셀은 반대합니다.`,
    units: (size) =>
      `첫 층의 유닛마다 픽셀 ${size}개에 대한 가중치가 하나씩 있습니다. 픽셀이 합을 키우는 곳은 0보다 크고, 줄이는 곳은 0보다 작습니다.`,
    some: (shown, all) => `${all}개 가운데 처음 ${shown}개입니다.`,
    unit: (unit) => `유닛 ${unit}`,
    picture: (name, least, most) => `${name}의 가중치, ${least}에서 ${most}까지`,
    scale: (least, most) => `${least}에서 ${most}까지 가중치의 색, 흰색은 0`,
    waiting: '가중치는 다음 그림과 함께 나옵니다.',
  },
};
