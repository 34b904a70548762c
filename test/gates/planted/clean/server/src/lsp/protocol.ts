export const checkAll = 'stepwise/checkAll';
