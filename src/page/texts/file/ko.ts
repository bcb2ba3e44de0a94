import type { Shape } from '../../settings/resumption.ts';
import type { FileTexts } from './en.ts';

const shown = (count: number) => count.toLocaleString('en');

const shape = ({ inputs, outputs, task }: Shape) =>
  `특성 ${shown(inputs)}개, ${task === 'classes' ? '클래스' : '값'} ${shown(outputs)}개`;

export const ko: FileTexts = {
  title: '내 데이터',
  close: '닫기',
  private: '아무것도 업로드하지 않습니다. 데이터는 이 컴퓨터를 떠나지 않습니다.',
  choose: '파일 고르기',
  again: (name) => `다른 열 고르기: ${name}`,
  another: '다른 파일 고르기',
  formats:
    '예시마다 한 행인 표: CSV, TSV, 텍스트, JSON, NumPy의 .npy와 .npz. 또는 IDX 형식의 이미지와 레이블(두 파일을 함께). gzip으로 압축했어도 됩니다. 또는 가져간 학습(safetensors)을 이어서 합니다. 페이지 어디에나 끌어다 놓을 수도 있습니다.',
  paste: '또는 스프레드시트에서 붙여넣기',
  pasteHint: '머리글과 함께 셀을 복사해 여기에 붙여넣으세요.',
  readPaste: '읽기',
  wanted: (name) => `이 링크에는 다음 파일이 필요합니다: ${name}`,
  wantedFile: {
    todo: '데이터의 행은 링크에 들어 있지 않습니다. 파일을 고르거나, 페이지 어디에나 끌어다 놓거나, 셀을 붙여넣으세요. 그러면 링크의 설정대로 시작합니다.',
    hash: 'SHA-256',
    learned: '배울 열',
    learnedAs: (label, task) => `“${label}”, ${task}`,
    from: '특성',
    others: '다른 모든 열',
    at: '시작할 곳',
    step: (step) => `${step}스텝까지 학습한 곳`,
  },
  reading: (name) => `읽는 중: ${name}`,
  progress: (read, total, rows) => `${total} 중 ${read}${rows > 0 ? `, ${shown(rows)}행` : ''}`,
  secondsLeft: (seconds) => `약 ${seconds}초 남음`,
  cancel: '취소',
  other: {
    happened: (name, wanted) =>
      name === wanted
        ? `링크를 만든 파일이 아닙니다. 이름은 같지만 내용이 다릅니다: ${name}`
        : `링크를 만든 파일(${wanted})이 아닙니다: ${name}`,
    kept: '링크의 다른 설정은 그대로입니다.',
    use: '그래도 쓰기',
  },
  unchecked: '보안 연결(https)이 아니어서 똑같은 파일인지 확인할 수 없습니다.',
  read: (rows, columns) => `${shown(rows)}행, ${shown(columns)}열.`,
  images: (count, width, height) => `${width} × ${height}픽셀 이미지 ${shown(count)}장.`,
  table: '처음 몇 행',
  tableHint: '배울 열의 이름을 누르세요. 신경망에 주지 않을 열은 체크를 빼세요.',
  firstColumns: (count, all) => `${shown(all)}열 중 처음 ${count}열과 배울 열을 보여 줍니다.`,
  learned: '배울 열',
  kinds: {
    number: () => '숫자',
    text: (kinds) => (kinds === undefined ? '텍스트' : `텍스트, ${shown(kinds)}가지`),
    date: () => '날짜',
  },
  lacking: (count) => `${shown(count)}개 없음`,
  use: (column) => `쓰기: ${column}`,
  used: '쓰기',
  oneInput: '신경망에는 보고 배울 열이 있어야 합니다.',
  label: { label: '배울 열', hint: '신경망이 다른 열을 보고 알아맞힐 열' },
  task: {
    label: '종류',
    classes: { name: '클래스', hint: '서로 다른 값마다 한 클래스입니다' },
    values: { name: '값', hint: '신경망이 숫자 자체를 배웁니다' },
  },
  missing: {
    label: '빈칸',
    drop: { name: '행을 뺌', hint: '값이 없는 행은 쓰지 않습니다' },
    mean: { name: '평균으로 채움', hint: '빠진 숫자를 그 열의 평균으로 채웁니다' },
  },
  counts: (label, rows, features, classes) =>
    `배울 것: “${label}”의 ${classes === undefined ? '값' : `클래스 ${shown(classes)}개`}. 특성 ${shown(features)}개, ${shown(rows)}행을 씁니다.`,
  counting: '행을 세고 있습니다.',
  dropped: (rows, most) =>
    `빈칸이 있어 ${shown(rows)}행을 뺍니다.${most ? ` 빈칸이 가장 많은 열: “${most.name}”(${shown(most.missing)}개).` : ''}`,
  filled: (values) => `빈칸 ${shown(values)}개를 평균으로 채웁니다.`,
  spread: (columns) => `텍스트마다 특성 하나: ${columns}.`,
  constant: (columns) => `모든 행에서 같아 배울 것이 없습니다: ${columns}.`,
  unused: (columns) => `뺀 열: ${columns}.`,
  because: (column, reason) =>
    `${column} (${
      {
        'no-values': '값이 없음',
        'row-number': '행 번호',
        'many-categories': '서로 다른 텍스트가 너무 많음',
        'not-chosen': '고르지 않음',
      }[reason]
    })`,
  scaledPixels: '모든 픽셀을 가장 큰 값으로 나눕니다.',
  scaled: '각 특성을 평균 0, 표준편차 1로 맞춥니다.',
  skipped: (records) => `레코드 ${shown(records)}개를 건너뛰었습니다.`,
  remarks: (count) => `모든 행을 읽었습니다. 알림 ${shown(count)}개.`,
  notes: {
    encoding: () => 'UTF-8이 아니어서 Windows-1252, 한글이면 EUC-KR로 읽었습니다',
    'broken-text': () => 'UTF-8이 아닌 바이트를 �로 읽었습니다',
    preamble: (count) => `표 앞의 ${shown(count)}줄을 건너뛰었습니다`,
    counts: () => '첫 줄에는 개수와 클래스 이름이 있습니다',
    'row-names': () => '첫 열에는 행의 이름이 있습니다',
    renamed: () => '이름이 없거나 겹쳐서 새로 지었습니다',
    'empty-column': () => '이름도 값도 없어 뺐습니다',
    blank: (count) => `값이 없는 레코드 ${shown(count)}개를 건너뛰었습니다`,
    short: (count) => `값이 모자란 레코드 ${shown(count)}개: 마지막 값들은 없는 것으로 읽었습니다`,
    long: (count) => `값이 너무 많은 레코드 ${shown(count)}개를 건너뛰었습니다`,
    quotes: (count) => `따옴표가 겹치지 않은 레코드 ${shown(count)}개`,
    'not-a-number': (count) => `숫자가 아닌 값 ${shown(count)}개는 없는 것으로 읽었습니다`,
    'not-finite': (count) => `유한하지 않은 수 ${shown(count)}개는 없는 것으로 읽었습니다`,
    'uncertain-number': () => '쉼표가 소수점인지 천 단위인지 알 수 없어 텍스트로 읽었습니다',
    'decimal-comma': () => '쉼표가 소수점입니다',
    'thousands-point': () => '마침표가 천 단위 구분입니다',
    'unclear-point': () => '마침표를 소수점으로 읽었습니다(천 단위 구분일 수도 있음)',
    time: () => '시각: 1970년부터 센 밀리초입니다',
    'many-texts': () => '서로 다른 텍스트가 너무 많아 뺐습니다',
  },
  note: (columns, what, places) => `${columns && `${columns}: `}${what}${places && ` (${places})`}.`,
  places: (lines, more) => `${lines.map((line) => shown(line)).join(', ')}${more ? ', …' : ''}번째 줄`,
  resuming: '가져간 곳에서 학습을 이어 갑니다.',
  run: {
    wanted: (name) => `이 학습에는 다음 파일의 행이 필요합니다. 그 파일을 고르면 이어집니다: ${name}`,
    other: (name, wanted) =>
      name === wanted
        ? `학습에 쓴 파일이 아닙니다. 이름은 같지만 내용이 다릅니다: ${name}`
        : `학습에 쓴 파일(${wanted})이 아닙니다: ${name}`,
    kept: '학습은 자신의 행을 기다립니다.',
  },
  unfit: (unfit, label) => {
    switch (unfit.kind) {
      case 'layers':
        return `이 페이지의 은닉층은 ${unfit.most}개까지인데 파일의 신경망은 ${unfit.received}개이므로, 프로그램에서 spiralnet/models의 resume()으로 이어 학습하세요.`;
      case 'units':
        return `이 페이지의 층은 유닛 ${shown(unfit.most)}개까지인데 파일의 신경망은 ${shown(unfit.received)}개이므로, 프로그램에서 spiralnet/models의 resume()으로 이어 학습하세요.`;
      case 'activations':
        return `이 페이지는 모든 은닉층의 활성화 함수가 같은데 파일의 신경망은 서로 다르므로(${unfit.received.join(', ')}), 프로그램에서 spiralnet/models의 resume()으로 이어 학습하세요.`;
      case 'range':
        return `파일의 값(${unfit.received})은 이 페이지에서 “${label(unfit.setting)}”의 범위(${unfit.range.min}부터 ${unfit.range.max}까지)를 벗어나므로, 프로그램에서 spiralnet/models의 resume()으로 이어 학습하세요.`;
      case 'schedule':
        return '이 페이지의 워밍업은 스케줄 앞에 하나뿐인데 파일에는 여러 개이므로, 프로그램에서 spiralnet/models의 resume()으로 이어 학습하세요.';
      case 'link':
        return `이 페이지가 이해하지 못하는 설정이 파일에 있으므로(${unfit.names.join(', ')}), 파일을 쓴 버전의 페이지에서 여세요.`;
      case 'contradiction':
        return '파일의 설정은 그 신경망의 것이어야 하는데 다른 신경망의 것이므로, 학습을 다시 가져가세요.';
      case 'data':
        return `파일의 신경망에는 ${shape(unfit.expected)}인 데이터가 필요한데 이 페이지의 데이터는 ${shape(unfit.received)}이므로, 그 데이터를 먼저 고르고 파일을 다시 여세요.`;
      case 'names':
        return `파일의 신경망에 필요한 이름(“${unfit.expected}”)과 이 페이지의 데이터에 있는 이름(“${unfit.received}”)이 다르므로, 그 데이터를 먼저 고르고 파일을 다시 여세요.`;
      case 'scaling':
        return '파일의 신경망에는 학습할 때와 똑같이 스케일한 행이 필요한데 이 행이나 테스트 비율이 다르므로, 그 데이터를 먼저 고르고 파일을 다시 여세요.';
    }
  },
  preparing: '행을 신경망에 넘기고 있습니다.',
  train: '이것으로 학습',
  shareFirst: '먼저 시험 비율을 고치세요.',
  trainFirst: '아직 학습할 행이 없습니다.',
  where: ({ line, record, column, value }) => {
    const places = [
      line !== undefined && `${shown(line)}번째 줄`,
      record !== undefined && `${shown(record)}번째 레코드`,
      column !== undefined && `“${column}” 열`,
      value !== undefined && `값 “${value}”`,
    ].filter((place) => place !== false);
    return places.length > 0 ? `위치: ${places.join(', ')}.` : '';
  },
  happened: {
    spreadsheet: '스프레드시트 자체의 파일이라 이 페이지가 읽지 않습니다.',
    untrained: '이 safetensors 파일에는 가중치만 있고 학습의 스텝과 설정이 없습니다.',
    rate: '이 학습의 학습률은 프로그램의 함수였으며, 파일에는 남지 않습니다.',
    damaged: '이어서 학습할 수 있는 safetensors 파일이 아닙니다.',
    several: '한 번에 표 하나나 학습 하나만 읽을 수 있습니다.',
    unlabelled:
      '레이블이 있는 행이 아닙니다. 예시마다 한 행이나 한 이미지가 있는 배열과, 그만큼의 레이블이 필요합니다.',
    table: '파일을 표로 읽을 수 없습니다.',
    label: '이 열은 이렇게 배울 수 없습니다.',
    values: '이 열은 값으로 배울 수 없습니다.',
    features: '이 열들은 신경망에 줄 수 없습니다.',
    gaps: '값이 모두 있는 행이 없습니다.',
    classes: '클래스가 100개를 넘어 이 페이지가 보여 줄 수 없습니다.',
    memory: '이 파일을 읽을 메모리가 모자랍니다.',
    unreadable: '브라우저가 파일을 읽지 못했습니다. 옮겨졌거나 바뀌었을 수 있습니다.',
    frame: '파일을 읽으려면 워커가 필요한데 이 프레임에서는 쓸 수 없습니다.',
    worker: '파일을 읽는 부분이 시작하지 못했거나 멈췄습니다.',
    unknown: '이 페이지가 모르는 이유로 파일을 읽지 못했습니다.',
  },
  kept: '학습은 그대로입니다.',
  advice: {
    spreadsheet: '그 프로그램에서 CSV로 저장하거나, 셀을 복사해 여기에 붙여넣으세요.',
    untrained: '가져가기나 exportModel(trainer)가 쓴 safetensors 파일을 고르세요.',
    rate: '그 프로그램에서 resume(bytes, data, { learningRate })로 이어 학습하거나 다른 파일을 고르세요.',
    damaged: '학습을 다시 가져가거나 다른 파일을 고르세요.',
    several: '파일 하나를 고르세요. IDX 이미지는 이미지와 레이블, 두 파일입니다.',
    unlabelled: '이미지 파일과 레이블 파일을 함께 고르세요.',
    table: '그곳을 고치거나 다른 파일을 고르세요.',
    label: '다른 열을 고르거나, 클래스 대신 값을 배우세요.',
    values: '다른 열을 고르거나, 값 대신 클래스를 배우세요.',
    features: '다른 열을 쓰거나, 배울 열을 바꾸세요.',
    gaps: '빈칸을 평균으로 채우거나 다른 열을 쓰세요.',
    classes: '다른 열을 고르거나, 클래스 대신 값을 배우세요.',
    memory: '다른 페이지를 닫거나 파일을 나누세요.',
    unreadable: '다시 고르세요.',
    frame: '페이지를 새 탭에서 여세요.',
    worker: '페이지를 새로 고치세요. 다시 일어나면 알려 주세요.',
    unknown: '다른 파일을 고르세요. 다시 일어나면 알려 주세요.',
  },
  inDetail: '자세한 내용(영어):',
};
