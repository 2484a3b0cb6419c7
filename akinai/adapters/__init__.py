"""取込口 (adapters): the doors to malls, carriers and banks, one folder per partner."""
