/**
 * The variable that is set where the pins of pip and npm may not make a RUN fail. What they can't be reconciled with is then
 * installed as the recipe has it, and the comparison shows what that made of the image.
 */
export const FREE = "VERIFIED_IMAGES_FREE";
