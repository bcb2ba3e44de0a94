import type { TrainingWords } from './en.ts';

export const ko: TrainingWords = {
  title: '한 스텝씩 보는 학습',
  caption:
    '노트의 신경망이 이 컴퓨터에서 따로 학습합니다. 슬라이더를 아무 스텝으로나 옮기면 영역과 유닛과 손실이 그 스텝의 것이 됩니다. 거기서 학습률을 바꾸고 이어서 학습해 보세요. 앞선 곡선은 회색으로 남습니다.',
  keys: '슬라이더에서 화살표 키는 한 스텝, Page Up·Down은 10분의 1, Home·End는 처음과 끝입니다.',
  picture: (step) => `${step}스텝에서 클래스의 영역`,
  units: '첫 은닉 유닛 여덟 개가 계산하는 것',
  rate: '학습률',
  waiting: '신경망을 여는 중입니다.',
};
