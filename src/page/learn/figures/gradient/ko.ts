import type { GradientWords } from './en.ts';

export const ko: GradientWords = {
  title: '매개변수 하나를 살짝',
  caption:
    '매개변수 하나를 노트의 시작값에서 밀면 동그라미가 손실 곡선을 따라 움직입니다. 점선의 기울기는 공식으로 구한 값입니다. 평면에서는 점마다 클래스의 가중치를 당깁니다. 그 클래스의 점은 바깥으로, 다른 점은 안으로, dZ에 자기 자리를 곱한 만큼 당깁니다. 굵은 화살표는 모두를 더한 −dW입니다.',
  keys: 'Tab으로 목록이나 슬라이더에 가서 화살표 키로 움직입니다.',
  picture: (label) => `점마다 클래스 ${label}의 가중치를 당기는 힘`,
  knob: '매개변수',
  knobs: { x: '가중치 x', y: '가중치 y', bias: '편향' },
  of: (kind, label) => `클래스 ${label}의 ${kind}`,
  nudge: '미는 양',
  chart: (nudge, loss, slope) => `미는 양에 따른 손실: ${nudge}에서 손실 ${loss}, 기울기 ${slope}`,
  loss: '손실',
  slope: (gradient, difference) => `기울기: 공식 ${gradient}, 차분 ${difference}`,
  waiting: '그림을 계산하고 있습니다.',
  rows: {
    loss: '손실',
    gradient: '공식으로 구한 기울기',
    difference: '두 손실의 차분으로 구한 기울기',
    outwards: '그 클래스의 점이 바깥으로 당기는 힘',
    inwards: '다른 점이 안으로 당기는 힘',
  },
};
